// Codes nobody can guess, of letters and digits nobody mistakes.
import { randomInt } from 'node:crypto';
import { CODE_ALPHABET } from '@admin-center/contracts/promotions';

export const randomCode = (length: number): string => Array.from({ length }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
