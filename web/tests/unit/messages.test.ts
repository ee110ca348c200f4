import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { en as first } from '@/lib/i18n/messages/en';
import { later } from '@/lib/i18n/messages/en/later';

const en = { ...first, ...later };
const SOURCE = join(import.meta.dirname, '../../src');

function keysOf(node: object, path = ''): string[] {
  return Object.entries(node).flatMap(([name, value]) =>
    typeof value === 'string' ? [path + name] : keysOf(value as object, `${path}${name}.`),
  );
}

function sources(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('api'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

test('every plural has both forms', () => {
  const keys = new Set(keysOf(en));
  const lonely = [...keys].filter(
    (key) => key.endsWith('_one') && !keys.has(key.replace(/_one$/, '_other')),
  );
  expect(lonely).toEqual([]);
});

test('no message is left over', () => {
  const text = sources(SOURCE);
  // Keys that are put together from a word: what stands before the word must be in the source.
  const used = (key: string) => {
    const plain = key.replace(/_(zero|one|other)$/, '');
    const parent = plain.slice(0, plain.lastIndexOf('.') + 1);
    return text.includes(`'${plain}'`) || text.includes(`\`${parent}\${`);
  };
  expect(keysOf(en).filter((key) => !used(key))).toEqual([]);
});

test('words hold neither exclamation marks nor pictures of faces', () => {
  const texts = JSON.stringify(en);
  expect(texts).not.toMatch(/!/);
  expect(texts).not.toMatch(/\p{Extended_Pictographic}/u);
});
