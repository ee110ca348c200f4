import { useEffect, useState } from 'react';

import { ProofForm } from './ProofForm';

import { Dialog } from '@/components/feedback/Dialog';
import { answerProofsBy } from '@/lib/http/proof';
import { useTranslation } from '@/lib/i18n';

type Answer = (proved: boolean) => void;

/** Opens by itself when the server asks whether it is still the same person. */
export function ProofDialog() {
  const { t } = useTranslation();
  const [answer, setAnswer] = useState<{ give: Answer } | null>(null);
  useEffect(() => answerProofsBy(() => new Promise<boolean>((give) => setAnswer({ give }))), []);
  if (answer === null) return null;
  const close = (proved: boolean) => {
    setAnswer(null);
    answer.give(proved);
  };
  return (
    <Dialog zIndex={500} onClose={() => close(false)} title={t('common.proof.title')}>
      <ProofForm onDone={() => close(true)} onCancel={() => close(false)} />
    </Dialog>
  );
}
