// Sorts the keys of the message files, so that two people adding texts seldom touch the same line.
// With --check it only says which file is not sorted.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../messages/', import.meta.url);
const check = process.argv.includes('--check');
let unsorted = 0;
for (const name of readdirSync(folder)) {
  const file = new URL(name, folder);
  const before = readFileSync(file, 'utf8');
  const entries = Object.entries(JSON.parse(before)).sort(([a], [b]) => (a < b ? -1 : 1));
  const after = JSON.stringify(Object.fromEntries(entries), null, 2) + '\n';
  if (after === before) continue;
  if (check) {
    console.error(`messages/${name} is not sorted: npm run messages:sort`);
    unsorted += 1;
  } else writeFileSync(file, after);
}
process.exitCode = unsorted === 0 ? 0 : 1;
