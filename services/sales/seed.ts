/** The demo: nine months of sales up to now, targets, and what goes wrong in real life. */
export { fillDemo as seed } from './features/fill-demo.ts';
