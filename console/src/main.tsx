/** The console's entry: everything else is loaded when a page asks for it. */
import './shapes-without-eval.ts';
import { makeQueryClient, UiProvider } from '@moonbase/ui/provider.tsx';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pages } from './page-tables.ts';
import { makeRouter } from './router.tsx';
import { watchVersion } from './version.ts';

const client = makeQueryClient();
const router = makeRouter(pages, client);
watchVersion();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <UiProvider client={client}>
      <RouterProvider router={router} />
    </UiProvider>
  </StrictMode>,
);
