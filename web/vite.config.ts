import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';

import { isKept } from './src/lib/offline/isKept.ts';

const api = process.env.ARMARIUM_API ?? 'http://127.0.0.1:8400';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    react(),
    VitePWA({
      registerType: 'prompt',
      // Registered from main.tsx: an injected inline script would break the content policy.
      injectRegister: false,
      manifest: {
        name: 'Armarium',
        short_name: 'Armarium',
        description: 'The cabinet for what you collect.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#faf7f1',
        theme_color: '#1d4b3c',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          {
            src: '/icons/icon-maskable-512.png',
            sizes: '512x512',
            type: 'image/png',
            purpose: 'maskable',
          },
        ],
        shortcuts: [
          { name: 'Scan', url: '/scan' },
          { name: 'Collection', url: '/collection' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,woff2}'],
        // Other alphabets are fetched when a title needs them, not at install.
        globIgnores: ['**/*-{cyrillic,greek,vietnamese}*'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [
          /^\/(api|oauth|\.well-known)\//,
          /^\/auth\/callback/,
          /^\/healthz/,
        ],
        cleanupOutdatedCaches: true,
        // The very first visit already works offline from here on; an update waits to be accepted.
        clientsClaim: true,
        runtimeCaching: [
          {
            urlPattern: isKept,
            handler: 'StaleWhileRevalidate',
            options: {
              cacheName: 'pictures',
              expiration: {
                maxEntries: 1000,
                maxAgeSeconds: 60 * 60 * 24 * 30,
                purgeOnQuotaError: true,
              },
              cacheableResponse: { statuses: [200] },
            },
          },
        ],
      },
    }),
  ],
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, proxy: { '/api': { target: api }, '/healthz': { target: api } } },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}', 'src/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    css: false,
    // A browser's document takes a second to make; the tests clean up what they leave.
    isolate: false,
  },
});
