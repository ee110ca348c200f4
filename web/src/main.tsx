import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@/lib/theme/fonts';
import '@/lib/theme/tokens.css';
import '@/lib/theme/base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from '@/app/App';
import { startMessages } from '@/lib/i18n';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

await startMessages();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
