/** What every page stands in: theme, query client, toasts. The shell (and the gallery) mount it once. */
import './mantine-styles.ts';
import '@fontsource-variable/inter/wght.css';
import './tokens.css';
import './base.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ApiError } from './calls.ts';
import { styleNonce } from './style-nonce.ts';
import { theme, variables } from './theme.ts';

const colours = localStorageColorSchemeManager({ key: 'moonbase-colour' });

/** Reads are kept 10 s; an answer of 400 to 499 is not asked for again. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 600_000,
        retry: (failures, error) => failures < 2 && !isRefusal(error as ApiError),
        retryDelay: (attempt) => Math.min(400 * 2 ** attempt, 4_000),
      },
      mutations: { retry: false },
    },
  });
}

function isRefusal(error: ApiError): boolean {
  return error.status >= 400 && error.status < 500;
}

export function UiProvider({ children, client }: { children: ReactNode; client?: QueryClient }) {
  const [own] = useState(() => client ?? makeQueryClient());
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={colours}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={own}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}
