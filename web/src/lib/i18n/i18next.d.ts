import 'i18next';

import type { Messages } from './messages/en';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Messages };
  }
}
