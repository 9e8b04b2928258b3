/** What a service's `pages.tsx` exports: its pages, as the shell's router, navigation and palette need them. */
import type { ComponentType } from 'react';

export const sections = [
  'Overview',
  'Agents',
  'Sales',
  'Targets',
  'Commissions',
  'Anomalies',
  'Notifications',
  'Insights',
  'SQL',
  'Status',
  'Settings',
] as const;

export type Section = (typeof sections)[number];

export interface PageAction {
  title: string;
  to: string;
  permission?: string;
}

export interface Found {
  title: string;
  detail?: string;
  to: string;
}

/** Searches records for the command palette. */
export type Find = (text: string, signal: AbortSignal) => Promise<Found[]>;

export interface PageEntry {
  /** With `$name` for a parameter: `/agents/$id`. */
  path: string;
  title: string;
  nav?: {
    section: Section;
    icon: ComponentType<{ size?: number | string; stroke?: number | string }>;
    /** Within the section, smallest first. */
    order: number;
    /** Shortcut, as `g s`. */
    keys?: string;
  };
  /** Whoever lacks it neither sees nor reaches the page. */
  permission?: string;
  /** Offered by the command palette. */
  actions?: readonly PageAction[];
  find?: () => Promise<{ default: Find }>;
  load: () => Promise<{ default: ComponentType }>;
}

export type PageTable = readonly PageEntry[];
