/** Colours for charts: the same order of meaning in light and dark, told apart with any colour vision. */

export interface ChartColours {
  /** One per series, in order. */
  series: readonly string[];
  /** From little to much, for heat maps. */
  ramp: readonly string[];
  /** What the series are compared with, and what has no meaning. */
  neutral: string;
  ink: string;
  muted: string;
  line: string;
  surface: string;
  good: string;
  warn: string;
  bad: string;
}

export const lightChart: ChartColours = {
  series: ['#3159cf', '#d67a00', '#0f9b8e', '#a8327f', '#6fb1ea', '#6e7687', '#8a6d00', '#8e6be0'],
  ramp: ['#eef3ff', '#c9d7fb', '#94b0f5', '#5a80e6', '#3159cf', '#203b86'],
  neutral: '#b3bac8',
  ink: '#13161d',
  muted: '#646c7d',
  line: '#e3e6eb',
  surface: '#ffffff',
  good: '#1c9a6c',
  warn: '#e0a12b',
  bad: '#d4475e',
};

export const darkChart: ChartColours = {
  series: ['#6c93ff', '#f2a33a', '#2fc4b2', '#c9539d', '#a9d4fb', '#8f98aa', '#c9ab3c', '#b59cff'],
  ramp: ['#171d2b', '#1f2d52', '#2b4489', '#3d62c6', '#6c93ff', '#b4c9ff'],
  neutral: '#4d5666',
  ink: '#eceef2',
  muted: '#8b93a4',
  line: '#242932',
  surface: '#13161c',
  good: '#45cc95',
  warn: '#e2b14a',
  bad: '#ff8592',
};
