// Makes one promotion code.
import { promotions } from '@admin-center/contracts/promotions';
import { call } from '../../platform/api.ts';
import { done } from '../../platform/done.ts';
import { FormDrawer } from '../../platform/FormDrawer.tsx';
import { ReasonField, SelectField, TextField } from '../../platform/FormFields.tsx';
import { useForm } from '../../platform/use-form.ts';
import { findUsers } from '../users/find-users.ts';
import { codeInput, createCodeSchema, NEW_CODE } from './code-form.ts';
import { OwnerFields } from './OwnerFields.tsx';
import { RestrictionFields } from './RestrictionFields.tsx';

const { createCode } = promotions.endpoints;

export function NewCode({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const form = useForm(createCodeSchema, NEW_CODE, codeInput);
  return (
    <FormDrawer
      title="New code"
      subtitle="What customers enter to get the discount of a coupon."
      form={form}
      submitLabel="Create the code"
      execute={(body, idempotencyKey) => call(createCode, { body }, { idempotencyKey })}
      onDone={(result) => done(createCode.audit, result, onDone)}
      onClose={onClose}
    >
      <TextField form={form} name="code" label="Code" description="Upper and lower case are the same." placeholder="WELCOME25" required />
      <OwnerFields form={form as never} />
      <RestrictionFields form={form as never} each="the code" />
      <SelectField form={form} name="userId" label="Only for" description="Nobody else can redeem it." placeholder="anybody" options={findUsers} isClearable />
      <ReasonField form={form} />
    </FormDrawer>
  );
}
