import type { ReactNode } from 'react';
import { USAGE_DAYS, USAGE_HOUR_DAYS, USAGE_MINUTE_DAYS } from '#shared/settings/plain.ts';
import { setSettings, useApp } from '../../app/store.ts';
import { NumberField } from './number-field.tsx';
import { PriceFields } from './price-fields.tsx';

const LOOKING_BACK = [
  {
    id: 'usage-minute-days',
    key: 'usageMinuteDays',
    limits: USAGE_MINUTE_DAYS,
    label: 'Keep minutes',
    hint: 'What the reputation board shows minute by minute',
  },
  {
    id: 'usage-hour-days',
    key: 'usageHourDays',
    limits: USAGE_HOUR_DAYS,
    label: 'Keep hours',
    hint: 'The same by the hour',
  },
  {
    id: 'usage-days',
    key: 'usageDays',
    limits: USAGE_DAYS,
    label: 'Keep days',
    hint: 'The same by the day, UTC',
  },
] as const;

/** For how long the reputation board can look back, and how closely. */
export function UsageBlock(): ReactNode {
  const settings = useApp((state) => state.boot?.settings);
  if (settings === undefined) {
    return null;
  }
  return (
    <div className="block">
      <div className="form">
        {LOOKING_BACK.map(({ id, key, limits, label, hint }) => (
          <NumberField
            key={id}
            id={id}
            label={label}
            unit="days"
            value={settings[key]}
            min={limits.least}
            max={limits.most}
            hint={hint}
            onValue={(days) => setSettings({ [key]: days })}
          />
        ))}
      </div>
      <PriceFields
        prices={settings.callPrices}
        currency={settings.currency}
        onPrices={(callPrices) => setSettings({ callPrices })}
        onCurrency={(currency) => setSettings({ currency })}
      />
    </div>
  );
}
