// Currency codes as contracts promise them; the host's are free text.

/** ISO 4217 as it is; anything else becomes XXX, which that standard keeps for "no currency". */
export const currencyCode = (text: string): string => (/^[A-Z]{3}$/.test(text) ? text : 'XXX');
