import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { withoutJsonSchema } from './without-json-schema.ts';

/** The console's build: `moon build` and `moon start` run it through build.ts. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), withoutJsonSchema()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The test of the first load reads it.
    manifest: true,
    target: 'es2023',
    // Fonts and pictures stay files: they are cached on their own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: { proxy: { '/api': process.env.MOON_URL ?? 'http://127.0.0.1:8000' } },
});
