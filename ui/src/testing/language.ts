/** Unit tests speak English, as a window does whose texts are read. */
import { language } from '../i18n/language.svelte';

await language.choose('en');
