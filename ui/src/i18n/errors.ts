export { errorWords } from '../ipc/errors';
