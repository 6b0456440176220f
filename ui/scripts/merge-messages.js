// Merges message files key by key, for git: two people adding texts at the same place is no conflict.
//   git config merge.messages.driver 'node ui/scripts/merge-messages.js %O %A %B'
//   echo 'ui/messages/*.json merge=messages' >> .git/info/attributes
// A text that both sides changed differently stays a conflict: nothing is written and git says so.
import { readFileSync, writeFileSync } from 'node:fs';

const [base, ours, theirs] = process.argv
  .slice(2, 5)
  .map((file) => JSON.parse(readFileSync(file, 'utf8') || '{}'));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const merged = {};
const conflicts = [];
for (const key of [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort()) {
  const changedHere = !same(ours[key], base[key]);
  if (changedHere && !same(theirs[key], base[key]) && !same(ours[key], theirs[key])) conflicts.push(key);
  const value = changedHere ? ours[key] : theirs[key];
  if (value !== undefined) merged[key] = value;
}
if (conflicts.length > 0) {
  console.error(`changed on both sides: ${conflicts.join(', ')}`);
  process.exitCode = 1;
} else writeFileSync(process.argv[3], JSON.stringify(merged, null, 2) + '\n');
