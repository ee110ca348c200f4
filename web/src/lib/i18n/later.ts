import i18next from 'i18next';

import { later } from './messages/en/later';

/** Adds the words that the first page does without; what shows them imports this file. */
i18next.addResourceBundle('en', 'translation', later, true, true);
