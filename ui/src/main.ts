import { mount } from 'svelte';
import App from './App.svelte';
import { language } from './i18n/language.svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/app.css';
import './styles/parts.css';
import './styles/steps.css';

async function start(): Promise<void> {
  // Text that is laid out before its typeface is read makes WebKit open two of the system's as well.
  const typeface = document.fonts.load('1em "IBM Plex Sans Variable"').catch(() => undefined);
  await Promise.all([language.choose(null), typeface]);
  const target = document.getElementById('app');
  if (!target) throw new Error('index.html has an element #app');
  mount(App, { target });
}

// Not awaited: in WebKitGTK a page that imports from a module which waits is never done with it.
void start();
