import 'fake-indexeddb/auto';

import { startMessages } from '@/lib/i18n';

await startMessages();
