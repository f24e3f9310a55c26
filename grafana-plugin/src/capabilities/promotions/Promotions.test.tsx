// Promotions on the page: forms that judge as one types, previews that say what it can cost, honest returns.
import { screen, waitFor, within } from '@testing-library/react';
import { getDefaultTimeRange } from '@grafana/data';
import { promotions } from '@admin-center/contracts/promotions';
import { createBackend, problem, type Backend } from '../../../test/backend.ts';
import { fill } from '../../../test/fill.ts';
import { ADA, FIN, SAM } from '../../../test/people.ts';
import { ANALYTICS, BATCH, CAMPAIGN, COUPON, PREVIEW } from '../../../test/promotion-fixtures.ts';
import { render } from '../../../test/render.tsx';
import { PromotionsPanel } from '../../panels/promotions-panel/PromotionsPanel.tsx';
import { Batches } from './Batches.tsx';
import { CampaignActions } from './CampaignActions.tsx';
import { EditCoupon, NewCoupon } from './CouponForm.tsx';
import { ProgrammeForm } from './ProgrammeForm.tsx';
import { ReturnCard } from './ReturnCard.tsx';

const REASON = 'Autumn offer, ticket MKT-12';
let backend: Backend;
beforeEach(() => {
  backend = createBackend();
});
const writes = () => backend.requests.filter(({ method }) => method !== 'GET');
const { endpoints } = promotions;

test('a new coupon: a discount that is none is said at once, and not sent', async () => {
  backend.on(endpoints.createCoupon, () => ({ coupon: { ...COUPON, state: 'draft' as const }, auditSequence: 7, message: 'Autumn is a draft.' }));
  const onDone = jest.fn();
  const { user } = render(backend, <NewCoupon onDone={onDone} onClose={jest.fn()} />, { as: FIN });
  await fill(user, await screen.findByLabelText(/^Percent off/), '150');
  expect(await screen.findByText('More than 0, at most 100, up to two decimals.')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Create the coupon' }));
  expect(writes()).toHaveLength(0);
  expect(screen.getByText('Fill this in.')).toBeInTheDocument();
  await fill(user, screen.getByLabelText(/^Percent off/), '12.5');
  await fill(user, screen.getByLabelText(/^Name/), 'Autumn');
  await fill(user, screen.getByLabelText(/^Reason/), REASON);
  await user.click(screen.getByRole('button', { name: 'Create the coupon' }));
  await waitFor(() => expect(onDone).toHaveBeenCalledTimes(1));
  expect(writes()[0]?.body).toEqual({ name: 'Autumn', discount: { kind: 'percent', percentOff: 12.5 }, duration: { kind: 'once' }, maxRedemptions: null, redeemBy: null, tiers: [], reason: REASON });
});

test('a change names only what it changes, with the version it started from; a conflict is said', async () => {
  backend.on(endpoints.updateCoupon, () => {
    throw problem(409, 'version_conflict', 'Somebody changed it since.');
  });
  const { user } = render(backend, <EditCoupon coupon={COUPON} onDone={jest.fn()} onClose={jest.fn()} />, { as: FIN });
  expect(await screen.findByLabelText(/^Percent off/)).toBeDisabled();
  await fill(user, screen.getByLabelText(/^Redemptions in all/), '200');
  await fill(user, screen.getByLabelText(/^Reason/), REASON);
  await user.click(screen.getByRole('button', { name: 'Save the coupon' }));
  expect(await screen.findByText('Somebody changed it since.')).toBeInTheDocument();
  expect(writes()[0]?.body).toEqual({ maxRedemptions: 200, reason: REASON, version: 2 });
});

test('the programme names the coupon of those who were referred', async () => {
  backend.on(endpoints.getCoupon, () => ({ ...COUPON, history: [] }));
  const programme = { version: 3, updatedAt: '2026-11-01T00:00:00.000Z', enabled: true, windowDays: 30, reward: { amountMinor: 1000, currency: 'USD' }, refereeCouponId: COUPON.id, holdDays: 7, clawbackDays: 30, maxRewardsPerReferrer: null };
  render(backend, <ProgrammeForm programme={programme} onDone={jest.fn()} onClose={jest.fn()} />, { as: FIN });
  await waitFor(() => expect(screen.getByLabelText('Coupon for those who were referred')).toHaveValue(COUPON.name));
});

test('killing a campaign shows its codes and what it can still cost, and sends back what was shown', async () => {
  backend.on(endpoints.killCampaignPreview, () => PREVIEW);
  backend.on(endpoints.killCampaign, () => ({ campaign: { ...CAMPAIGN, state: 'killed' as const }, auditSequence: 8, message: 'Autumn offer is killed.' }));
  const onChanged = jest.fn();
  const { user } = render(backend, <CampaignActions campaign={CAMPAIGN} onChanged={onChanged} />, { as: FIN });
  const button = () => screen.getByRole('button', { name: 'Kill Autumn offer' });
  await waitFor(() => expect(button()).toHaveAttribute('aria-disabled', 'false'));
  await user.click(button());
  const dialog = await screen.findByRole('dialog');
  expect(await within(dialog).findByText('3 codes')).toBeInTheDocument();
  expect(within(dialog).getByText('nothing bounds it, $3,749.50 of budget left')).toBeInTheDocument();
  await fill(user, within(dialog).getByLabelText(/Reason/), REASON);
  await user.click(within(dialog).getByRole('button', { name: 'Kill the campaign' }));
  await waitFor(() => expect(onChanged).toHaveBeenCalledTimes(1));
  expect(writes()[0]?.body).toEqual({ reason: REASON, previewToken: 'token-1', version: 4 });
});

test('a return without a hold-out says that it is attributed, not incremental', async () => {
  backend.on(endpoints.campaignAnalytics, () => ANALYTICS);
  render(backend, <ReturnCard campaignId={CAMPAIGN.id} />);
  expect(await screen.findByText('Attributed, not incremental')).toBeInTheDocument();
  const facts = screen.getByLabelText('Return in USD');
  expect(facts).toHaveTextContent('Margin attributed$319.68');
  expect(facts).toHaveTextContent('Left outnobody');
  expect(screen.getByRole('heading', { name: '219.7%' })).toBeInTheDocument();
});

test('a return against a hold-out does not warn; without anybody in it yet there is no number', async () => {
  const [value] = ANALYTICS.returns;
  backend.on(endpoints.campaignAnalytics, () => ({ ...ANALYTICS, basis: 'incremental' as const, returns: value ? [{ ...value, roi: null, marginMinor: null }] : [] }));
  render(backend, <ReturnCard campaignId={CAMPAIGN.id} />);
  expect(await screen.findByRole('heading', { name: 'not known yet' })).toBeInTheDocument();
  expect(screen.queryByText('Attributed, not incremental')).not.toBeInTheDocument();
});

test('a batch shows its progress until it is done, then its file', async () => {
  let looks = 0;
  backend.on(endpoints.listBatches, () => ({ items: [looks++ === 0 ? BATCH : { ...BATCH, made: 1000, state: 'done' as const }], nextCursor: null }));
  render(backend, <Batches couponId="" campaignId="" />, { as: ADA });
  expect(await screen.findByRole('progressbar', { name: 'Codes of the batch of Autumn made' })).toHaveValue(400);
  expect(screen.queryByRole('button', { name: 'Download the codes of Autumn' })).not.toBeInTheDocument();
  expect(await screen.findByRole('button', { name: 'Download the codes of Autumn' }, { timeout: 10_000 })).toBeInTheDocument();
  expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
});

describe('the panel', () => {
  const panel = <PromotionsPanel options={{ state: 'running', pageSize: 5 }} width={900} height={400} timeRange={getDefaultTimeRange()} />;

  test('lists the campaigns of its state with their budget and buttons', async () => {
    backend.on(endpoints.listCampaigns, () => ({ items: [CAMPAIGN], nextCursor: null }));
    render(backend, panel, { as: FIN });
    expect(await screen.findByRole('link', { name: 'Autumn offer' })).toHaveAttribute('href', expect.stringContaining(`/promotions/${CAMPAIGN.id}`));
    expect(screen.getByText('$1,250.50 of $5,000.00')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Kill Autumn offer' })).toBeInTheDocument();
    expect(backend.requests.find(({ url }) => url.includes('/campaigns'))?.query).toEqual({ state: 'running', limit: '5' });
  });

  test('is not part of a support role, and asks for nothing', async () => {
    render(backend, panel, { as: SAM });
    expect(await screen.findByText('Not part of your role')).toBeInTheDocument();
    expect(backend.requests.some(({ url }) => url.includes('/promotions/'))).toBe(false);
  });
});
