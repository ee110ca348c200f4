const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

export function languageName(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code; // a source's own code that is no language tag
  }
}

/** What a source tells may be a word, a number, a list or facts by name. */
export function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(told).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, part]) => `${name}: ${told(part)}`)
      .join(', ');
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
