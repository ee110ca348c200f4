import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { Storage } from './Storage';
import { healthQuery, versionQuery } from '../api/getHealth';
import classes from './system.module.css';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';

const PARTS = ['database', 'blobs', 'auth', 'workflows', 'inference'] as const;

type Part = (typeof PARTS)[number];

const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

/** How the parts of the installation are, for the one who looks after it. */
export function System() {
  const { t } = useTranslation();
  const health = useQuery(healthQuery);
  const version = useQuery(versionQuery);
  return (
    <>
      <Section title={t('admin.system.title')} text={t('admin.system.text')}>
        {health.isPending && <Skeleton h={240} aria-busy />}
        <Failing of={health} />
        {health.data && (
          <dl className={classes.parts}>
            {Object.entries(health.data.checks).map(([name, check]) => (
              <div key={name} className={classes.part}>
                <dt>{isPart(name) ? t(`admin.system.parts.${name}`) : name}</dt>
                <dd data-ok={check.status === 'healthy'}>
                  {check.status === 'healthy'
                    ? t('admin.system.works')
                    : (check.error ?? t('admin.system.fails'))}
                </dd>
              </div>
            ))}
          </dl>
        )}
        {version.data && (
          <Text size="sm" c="dimmed" mt="sm">
            {t('admin.system.version', { version: version.data.version })}
          </Text>
        )}
      </Section>
      <Storage />
    </>
  );
}
