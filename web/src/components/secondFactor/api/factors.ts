import { queryOptions } from '@tanstack/react-query';

import {
  mePasskeysCreate,
  mePasskeysOptions,
  meProof,
  meProofOptions,
  meRecoveryCodesRenew,
  meSecondFactors,
  meTotpBegin,
  meTotpConfirm,
  meTotpRemove,
  type FactorsOut,
  type PasskeyOut,
  type TotpOut,
} from '@/api';
import { makePasskey, signWithPasskey } from '@/lib/passkeys';

export type Factors = FactorsOut;
export type Totp = TotpOut;

/** Shown once, where they are new; null where the person had some. */
export type NewCodes = string[] | null;

export const factorsQuery = queryOptions({
  queryKey: ['factors'],
  queryFn: async ({ signal }) => (await meSecondFactors({ signal })).data,
  staleTime: 0,
});

export const beginTotp = async (): Promise<Totp> => (await meTotpBegin()).data;

export const confirmTotp = async (code: string): Promise<NewCodes> =>
  (await meTotpConfirm({ body: { code } })).data.recovery_codes;

export const removeTotp = () => meTotpRemove();

export const renewCodes = async (): Promise<NewCodes> =>
  (await meRecoveryCodesRenew()).data.recovery_codes;

export async function addPasskey(): Promise<{ passkey: PasskeyOut; recovery_codes: NewCodes }> {
  const { challenge, public_key } = (await mePasskeysOptions()).data;
  const credential = await makePasskey(public_key);
  return (await mePasskeysCreate({ body: { challenge, credential } })).data;
}

export interface Proof {
  password?: string;
  code?: string;
  recovery_code?: string;
}

export const prove = (proof: Proof) => meProof({ body: proof });

export async function proveByPasskey(): Promise<void> {
  const { challenge, public_key } = (await meProofOptions()).data;
  await meProof({ body: { challenge, passkey: await signWithPasskey(public_key) } });
}
