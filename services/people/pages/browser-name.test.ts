import { expect, test } from 'vitest';
import { browserName } from './browser-name.ts';

test('a browser is told by its name and system, another client by its first word', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
  expect(browserName(`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`)).toBe('Chrome on Linux');
  expect(browserName(`Mozilla/5.0 (Windows NT 10.0) ${chrome} Edg/140.0`)).toBe('Edge on Windows');
  expect(browserName('Mozilla/5.0 (iPhone) AppleWebKit/605 Version/18 Safari/604.1')).toBe('Safari on iOS');
  expect(browserName('curl/8.5.0')).toBe('curl');
});
