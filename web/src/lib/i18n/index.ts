import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { en } from './messages/en';

/** A new language is a folder beside `en` with the same keys, loaded here on demand. */
export async function startMessages(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
  });
}

export const t = i18next.t;
export { Trans, useTranslation } from 'react-i18next';
