// Every part in every state, to look at and to test; not in the product's build.
import { mount } from 'svelte';
import { FakeTransport } from '../ipc/fake';
import { useTransport } from '../ipc';
import { language } from '../i18n/language.svelte';
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/app.css';
import '../styles/parts.css';
import './gallery.css';
import Gallery from './Gallery.svelte';

useTransport(new FakeTransport());
await language.choose(null);
const target = document.getElementById('gallery');
if (!target) throw new Error('gallery.html has an element #gallery');
mount(Gallery, { target });
