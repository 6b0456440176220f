import { mount } from 'svelte';
import App from './App.svelte';
import { language } from './i18n/language.svelte';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/app.css';
import './styles/parts.css';
import './styles/steps.css';

await language.choose(null);
const target = document.getElementById('app');
if (!target) throw new Error('index.html has an element #app');
mount(App, { target });
