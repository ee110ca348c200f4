import { expect, test } from 'vitest';

import { isOfField } from '@/features/review/focus/useReviewKeys';

const pressed = (html: string, key: string) => {
  document.body.innerHTML = html;
  return isOfField({ target: document.body.firstElementChild, key });
};

test('letters typed into a field are no keys of the inbox', () => {
  expect(pressed('<input>', 'd')).toBe(true);
  expect(pressed('<input type="text">', 'ArrowDown')).toBe(true);
  expect(pressed('<textarea></textarea>', 'd')).toBe(true);
  expect(pressed('<select></select>', 'd')).toBe(true);
});

test('a choice of a few keeps only its arrows, a box and a button nothing', () => {
  expect(pressed('<input type="radio">', 'd')).toBe(false);
  expect(pressed('<input type="radio">', 'ArrowDown')).toBe(true);
  expect(pressed('<input type="checkbox">', 'd')).toBe(false);
  expect(pressed('<button></button>', 'd')).toBe(false);
});
