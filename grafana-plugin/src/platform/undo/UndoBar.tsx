// The bar that offers to undo the last action: there for a while, longer while somebody is at it.
import { css } from '@emotion/css';
import { useEffect, useMemo, useState } from 'react';
import { createPortal } from 'react-dom';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';
import { toApiError } from '../api-error.ts';
import { done } from '../done.ts';
import { createIntent } from '../intent.ts';
import { undoOffers, type UndoOffer } from './undo-offers.ts';

const SHOWN_MS = 20_000;

/** Several panels of a dashboard each bring a bar; the first one there shows the offers. */
const bars: symbol[] = [];

export function UndoBar() {
  const styles = useStyles2(getStyles);
  const [offer, setOffer] = useState<UndoOffer>();
  useEffect(() => {
    const self = Symbol('bar');
    bars.push(self);
    const subscription = undoOffers.subscribe((next) => setOffer(bars[0] === self ? next : undefined));
    return () => {
      subscription.unsubscribe();
      bars.splice(bars.indexOf(self), 1);
    };
  }, []);
  // The live region is there before its content, or screen readers would not read the first offer.
  return createPortal(
    <div role="status" aria-live="polite" aria-label="Last action" className={styles.place}>
      {offer && <Offer key={offer.reason} offer={offer} />}
    </div>,
    document.body
  );
}

const dismiss = () => undoOffers.next(undefined);

function Offer({ offer }: { offer: UndoOffer }) {
  const styles = useStyles2(getStyles);
  const intent = useMemo(() => createIntent(), []);
  const [busy, setBusy] = useState(false);
  const [held, setHeld] = useState(false);
  const [problem, setProblem] = useState<string>();
  const stays = held || busy || problem !== undefined;

  useEffect(() => {
    const timer = stays ? undefined : setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [stays]);

  const undo = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const confirmation = { reason: offer.reason };
      const result = await offer.execute(confirmation, intent(confirmation));
      dismiss();
      done(offer.audit, result, offer.onUndone);
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };

  return (
    <div className={styles.bar} onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <span>{problem === undefined ? offer.message : `Not undone: ${problem}`}</span>
      <Button size="sm" variant="secondary" icon={busy ? 'spinner' : 'history'} disabled={busy} aria-label={`Undo: ${offer.label}`} onClick={() => void undo()}>
        Undo
      </Button>
      <IconButton name="times" size="md" aria-label="Close this message" onClick={dismiss} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  place: css({ position: 'fixed', left: 0, right: 0, bottom: theme.spacing(3), display: 'flex', justifyContent: 'center', pointerEvents: 'none', zIndex: theme.zIndex.portal }),
  bar: css({
    pointerEvents: 'auto',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    maxWidth: 'min(720px, calc(100vw - 32px))',
    padding: theme.spacing(1, 2),
    color: theme.colors.text.primary,
    background: theme.colors.background.elevated ?? theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z3,
  }),
});
