export { errorWords, failureWords } from '../ipc/errors';
