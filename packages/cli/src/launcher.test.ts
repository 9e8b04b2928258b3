import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repository } from './find-services.ts';

let folder: string;
let root: string;
let tools: string;

/** Stands in for npm: notes each call, takes a moment, and leaves what npm would. */
const npm = `#!/bin/sh
echo "$@" >> "$NPM_CALLS"
[ -n "$NPM_FAILS" ] && { echo "npm error the network is down"; exit 1; }
sleep 0.5
rm -rf node_modules
mkdir -p node_modules/.bin node_modules/node/bin
if [ -n "$NPM_SKIPS_SCRIPTS" ]; then
  echo 'require("node:fs").symlinkSync(process.env.REAL_NODE, "bin/node")' > node_modules/node/installArchSpecificPackage.js
else
  ln -s "$REAL_NODE" node_modules/.bin/node
fi
`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moonbase-launcher-'));
  root = join(folder, 'repo sitory');
  tools = join(folder, 'tools');
  mkdirSync(join(root, 'packages/cli/src'), { recursive: true });
  mkdirSync(tools);
  copyFileSync(join(repository, 'moon'), join(root, 'moon'));
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}');
  writeFileSync(
    join(root, 'packages/cli/src/cli.ts'),
    'const said: string[] = process.argv.slice(2); console.log(JSON.stringify(said)); process.exitCode = 7;',
  );
  addTool('npm', npm);
  symlinkSync(process.execPath, join(tools, 'node'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function addTool(name: string, text: string): void {
  rmSync(join(tools, name), { force: true });
  writeFileSync(join(tools, name), text);
  chmodSync(join(tools, name), 0o755);
}

interface Run {
  code: number;
  out: string;
  errors: string;
}

function moon(
  args: string[] = [],
  options: { file?: string; env?: Record<string, string> } = {},
): Promise<Run> {
  const child = spawn(options.file ?? join(root, 'moon'), args, {
    cwd: '/',
    env: {
      PATH: `${tools}:/usr/bin:/bin`,
      HOME: folder,
      TMPDIR: folder,
      REAL_NODE: process.execPath,
      NPM_CALLS: join(folder, 'calls'),
      ...options.env,
    },
  });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    errors += data;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out, errors })));
}

const calls = (): number =>
  existsSync(join(folder, 'calls'))
    ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').length
    : 0;

test('the first run installs, later ones do not; arguments and the exit code pass through', async () => {
  const first = await moon(['a b', '--c=$d']);
  expect(first).toMatchObject({ code: 7, out: '["a b","--c=$d"]\n' });
  expect(first.errors).toContain('Installing');
  const second = await moon(['x']);
  expect(second).toEqual({ code: 7, out: '["x"]\n', errors: '' });
  expect(calls()).toBe(1);
});

test('a changed lockfile is installed', async () => {
  await moon();
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  await moon();
  expect(calls()).toBe(2);
});

test("a lockfile whose packages npm has put there already isn't installed again", async () => {
  await moon();
  const lock = '{"packages":{"node_modules/a":{"version":"1.0.0"}}}';
  writeFileSync(join(root, 'package-lock.json'), lock);
  writeFileSync(join(root, 'node_modules/.package-lock.json'), lock);
  expect(await moon()).toEqual({ code: 7, out: '[]\n', errors: '' });
  expect(calls()).toBe(1);
});

test('two first runs at once install once', async () => {
  const both = await Promise.all([moon(['one']), moon(['two'])]);
  expect(both.map(({ code }) => code)).toEqual([7, 7]);
  expect(calls()).toBe(1);
});

test('it is found through links, from anywhere', async () => {
  symlinkSync(join(root, 'moon'), join(folder, 'absolute'));
  symlinkSync('absolute', join(folder, 'relative'));
  expect(await moon(['y'], { file: join(folder, 'relative') })).toMatchObject({ code: 7, out: '["y"]\n' });
});

test('when npm fails, the end of what it said and what to do are told, and the next run tries again', async () => {
  const failed = await moon([], { env: { NPM_FAILS: '1' } });
  expect(failed.code).toBe(1);
  expect(failed.errors).toContain('the network is down');
  expect(failed.errors).toContain('run this again');
  expect(failed.out).toBe('');
  expect((await moon()).code).toBe(7);
});

test('where npm leaves install scripts out, the pinned Node is fetched all the same', async () => {
  expect((await moon([], { env: { NPM_SKIPS_SCRIPTS: '1' } })).code).toBe(7);
});

test('an old Node, a missing Node and a missing npm are told with the remedy', async () => {
  addTool('node', '#!/bin/sh\n[ "$1" = -p ] && echo 18 || echo v18.0.0\n');
  const old = await moon();
  expect(old.code).toBe(1);
  expect(old.errors).toBe(
    'moon: this is Node v18.0.0, and 20 or newer is needed: https://nodejs.org has it.\n',
  );

  for (const name of ['dirname', 'readlink', 'cksum', 'uname', 'cat', 'sh']) {
    symlinkSync(`/usr/bin/${name}`, join(tools, name));
  }
  rmSync(join(tools, 'node'));
  const none = await moon([], { env: { PATH: tools } });
  expect(none.errors).toContain('Node is missing. Install Node 20 or newer');

  symlinkSync(process.execPath, join(tools, 'node'));
  rmSync(join(tools, 'npm'));
  const noNpm = await moon([], { env: { PATH: tools } });
  expect(noNpm.errors).toContain('npm is missing.');
  expect(calls()).toBe(0);
});
