import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { withoutJsonSchema } from '../without-json-schema.ts';
import { madeUpApi } from './made-up-api.ts';

/** `node node_modules/vite/bin/vite.js console/gallery` shows the gallery; gallery.test.ts builds it. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: '../public',
  plugins: [
    react(),
    withoutJsonSchema(),
    {
      name: 'made-up-api',
      configureServer: ({ middlewares }) => void middlewares.use(madeUpApi()),
      configurePreviewServer: ({ middlewares }) => void middlewares.use(madeUpApi()),
    },
  ],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
});
