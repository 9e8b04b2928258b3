/** The gallery's routes, declared as a service declares its own. */
import type { Api } from '@moonbase/http';
import { z } from 'zod';

export const sale = z.object({
  id: z.string(),
  soldAt: z.string(),
  reference: z.string(),
  agent: z.string(),
  branch: z.string(),
  product: z.string(),
  amount: z.string(),
  currency: z.string(),
  status: z.string(),
});
export type Sale = z.output<typeof sale>;

export const galleryApi = {
  listSales: {
    method: 'GET',
    path: '/sales',
    summary: 'Sales, newest first',
    allow: 'sales:read',
    query: z.object({
      q: z.string().optional(),
      branch: z.string().optional(),
      cursor: z.string().optional(),
    }),
    responses: { 200: z.object({ items: z.array(sale), next: z.string().nullable() }) },
  },
  recordSale: {
    method: 'POST',
    path: '/sales',
    summary: 'Record a sale',
    allow: 'sales:write',
    body: z.object({
      reference: z.string().min(1),
      product: z.string(),
      amount: z.string().regex(/^\d+(\.\d{1,4})?$/, 'An amount, as 1250.00.'),
      day: z.string().optional(),
      note: z.string().max(200).optional(),
    }),
    responses: { 201: sale },
  },
  readBroken: {
    method: 'GET',
    path: '/broken',
    summary: 'Never works',
    allow: 'sales:read',
    responses: { 200: z.object({}) },
  },
} satisfies Api;
