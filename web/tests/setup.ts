import 'fake-indexeddb/auto';

import { startMessages } from '@/lib/i18n';

await startMessages();
await import('@/lib/i18n/later');
