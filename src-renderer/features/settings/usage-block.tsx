import type { ReactNode } from 'react';
import { USAGE_DAYS, USAGE_HOUR_DAYS, USAGE_MINUTE_DAYS } from '#shared/settings/plain.ts';
import { setSettings, useApp } from '../../app/store.ts';
import { NumberField } from './number-field.tsx';
import { PriceFields } from './price-fields.tsx';

/** For how long the reputation board can look back, and how closely. */
export function UsageBlock(): ReactNode {
  const settings = useApp((state) => state.boot?.settings);
  if (settings === undefined) {
    return null;
  }
  return (
    <div className="block">
      <div className="form">
        <NumberField
          id="usage-minute-days"
          label="Keep minutes"
          unit="days"
          value={settings.usageMinuteDays}
          min={USAGE_MINUTE_DAYS.least}
          max={USAGE_MINUTE_DAYS.most}
          hint="What the reputation board shows minute by minute"
          onValue={(usageMinuteDays) => setSettings({ usageMinuteDays })}
        />
        <NumberField
          id="usage-hour-days"
          label="Keep hours"
          unit="days"
          value={settings.usageHourDays}
          min={USAGE_HOUR_DAYS.least}
          max={USAGE_HOUR_DAYS.most}
          hint="The same by the hour"
          onValue={(usageHourDays) => setSettings({ usageHourDays })}
        />
        <NumberField
          id="usage-days"
          label="Keep days"
          unit="days"
          value={settings.usageDays}
          min={USAGE_DAYS.least}
          max={USAGE_DAYS.most}
          hint="The same by the day, UTC"
          onValue={(usageDays) => setSettings({ usageDays })}
        />
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
