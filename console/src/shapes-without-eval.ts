/**
 * zod compiles shapes with `new Function` where it may; the console's policy forbids it, and each try would
 * be reported. First import of the entry: shapes are made as their modules load.
 */
import { config } from 'zod';

config({ jitless: true });
