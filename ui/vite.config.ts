/// <reference types="vitest/config" />
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the commands: the development server of the workspace. */
const commands = process.env.LEDGERPOST_DEVSERVER ?? 'http://127.0.0.1:17870';

export default defineConfig(({ mode }) => ({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/paraglide',
      strategy: ['globalVariable', 'baseLocale'],
      outputStructure: 'locale-modules',
      disableAsyncLocalStorage: true,
    }),
    svelte(),
    svelteTesting(),
  ],
  clearScreen: false,
  server: {
    port: 17871,
    strictPort: true,
    proxy: { '/command': commands, '/watch': commands },
  },
  build: {
    // `--mode gallery` builds the page of all parts, for tests; the product does not have it.
    ...(mode === 'gallery' ? { outDir: 'dist-gallery' } : {}),
    rolldownOptions: {
      ...(mode === 'gallery' ? { input: 'gallery.html' } : {}),
      // One file for what every start needs: the webview compiles its own module loader for many.
      output: { codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
    },
    // WebKitGTK 2.40 and WebView2 are what the window runs in.
    target: ['safari16.4', 'chrome120'],
    // The content security policy knows neither data: nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testing/language.ts'],
  },
}));
