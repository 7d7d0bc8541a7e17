import { de as compareDe } from '../compare/messages/de.ts';
import { en as compareEn } from '../compare/messages/en.ts';
import { fr as compareFr } from '../compare/messages/fr.ts';
import { de as galleriesDe } from '../galleries/messages/de.ts';
import { en as galleriesEn } from '../galleries/messages/en.ts';
import { fr as galleriesFr } from '../galleries/messages/fr.ts';
import { de as hostDe } from '../host/messages/de.ts';
import { en as hostEn } from '../host/messages/en.ts';
import { fr as hostFr } from '../host/messages/fr.ts';
import { de as modelsDe } from '../models/messages/de.ts';
import { en as modelsEn } from '../models/messages/en.ts';
import { fr as modelsFr } from '../models/messages/fr.ts';
import { de as referencesDe } from '../references/messages/de.ts';
import { en as referencesEn } from '../references/messages/en.ts';
import { fr as referencesFr } from '../references/messages/fr.ts';
import { de as restoreDe } from '../restore/messages/de.ts';
import { en as restoreEn } from '../restore/messages/en.ts';
import { fr as restoreFr } from '../restore/messages/fr.ts';
import { de as settingsDe } from '../settings/messages/de.ts';
import { en as settingsEn } from '../settings/messages/en.ts';
import { fr as settingsFr } from '../settings/messages/fr.ts';
import { de as shellDe } from '../shell/messages/de.ts';
import { en as shellEn } from '../shell/messages/en.ts';
import { fr as shellFr } from '../shell/messages/fr.ts';
import type { Language } from './languages.ts';

/** All messages: by language, then by the renderer's folder that shows them. */
export const resources = {
  en: {
    compare: compareEn,
    galleries: galleriesEn,
    host: hostEn,
    models: modelsEn,
    references: referencesEn,
    restore: restoreEn,
    settings: settingsEn,
    shell: shellEn,
  },
  de: {
    compare: compareDe,
    galleries: galleriesDe,
    host: hostDe,
    models: modelsDe,
    references: referencesDe,
    restore: restoreDe,
    settings: settingsDe,
    shell: shellDe,
  },
  fr: {
    compare: compareFr,
    galleries: galleriesFr,
    host: hostFr,
    models: modelsFr,
    references: referencesFr,
    restore: restoreFr,
    settings: settingsFr,
    shell: shellFr,
  },
} as const satisfies Record<Language, unknown>;

/** One namespace a folder of the renderer. */
export type Namespace = keyof (typeof resources)['en'];

export const NAMESPACES = Object.keys(resources.en) as Namespace[];
