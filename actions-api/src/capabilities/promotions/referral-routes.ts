// Endpoints of the referral programme and of referrals.
import { promotions } from '@admin-center/contracts/promotions';
import { type Route, route } from '../../platform/route.ts';
import type { Services } from '../../platform/services.ts';
import { readHistory } from './history.ts';
import { listReferrals, lockReferral, readProgramme, readReferral, rejectReferral, writeProgramme } from './referrals.ts';
import { atOneInstant } from './snapshot.ts';
import { requireSameVersion } from './versions.ts';

const { endpoints } = promotions;
const PROGRAMME = { type: 'referral-programme', id: 'referrals' } as const;

export const referralRoutes = ({ database, recorder, clock }: Services): Route[] => [
  route(endpoints.getReferralProgramme, (_request, { actor }) =>
    atOneInstant(database, async (tx) => ({ ...(await readProgramme(tx)), history: await readHistory(tx, actor, PROGRAMME.type, PROGRAMME.id) })),
  ),
  route(endpoints.setReferralProgramme, ({ body: { reason, version, ...fields } }, context) =>
    recorder.audited(context, 'promotions.referral_programme_set', PROGRAMME, {
      reason,
      read: (tx) => readProgramme(tx, 'lock'),
      async run(tx, before) {
        requireSameVersion(version, before.version, before);
        await writeProgramme(tx, fields, clock());
      },
      keep: ({ before, after }) => ({ before, after }),
      respond: ({ after }, auditSequence) => ({ programme: after, auditSequence, message: after.enabled ? 'The referral programme is on.' : 'The referral programme is off.' }),
    }),
  ),
  route(endpoints.listReferrals, ({ query }) => listReferrals(database, query)),
  route(endpoints.getReferral, ({ params: { referralId } }, { actor }) =>
    atOneInstant(database, async (tx) => ({ ...(await readReferral(tx, referralId)), history: await readHistory(tx, actor, 'referral', referralId) })),
  ),
  route(endpoints.rejectReferral, ({ params: { referralId }, body: { reason } }, context) =>
    recorder.audited(context, 'promotions.referral_reject', { type: 'referral', id: referralId }, {
      reason,
      read: (tx) => lockReferral(tx, referralId),
      run: (tx, before) => rejectReferral(tx, before, clock()),
      keep: ({ before, after }) => ({ before: { stage: before.stage }, after: { stage: after.stage } }),
      respond: ({ after }, auditSequence) => ({ referral: after, auditSequence, message: 'The referral is rejected; nothing will be paid for it.' }),
    }),
  ),
];
