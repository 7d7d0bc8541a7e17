import type { Translated } from '../../i18n/translated.ts';
import type { en } from './en.ts';

export const de: Translated<typeof en> = {
  title: 'Einstellungen',
  appearance: {
    title: 'Sprache und Farben',
    language: 'Sprache',
    asSystem: 'Wie das System ({{language}})',
    theme: 'Farben',
    themeMeaning: 'Neutrales Grau um die Fotos, hell wie dunkel.',
  },
  devices: {
    title: 'Gerät',
    lead: 'Worauf Fotos restauriert werden. Beim Messen rechnen die Modelle, die in Gebrauch sind, auf jedem Gerät ein kleines Bild; das Ergebnis wird mit dem der CPU verglichen.',
    group: 'Gerät zum Restaurieren',
    measure: 'Messen',
    measuring: 'Es wird gemessen … Mit einem langsamen Gerät dauert das Minuten.',
    measured: '{{seconds, number(maximumSignificantDigits: 2)}} s für ein kleines Bild',
    faster: '{{factor, number(maximumSignificantDigits: 2)}}-mal so schnell wie die CPU',
    at: 'gemessen am {{at, dateTime}}',
    otherModel: 'mit einem anderen Generator: bitte neu messen',
    unmeasured: 'Noch nicht gemessen',
    wrong: 'Rechnet andere Bilder als die CPU: wird nicht verwendet',
    failed: 'Geht auf diesem Computer nicht ({{reason}})',
    crashed: 'RASR brach beim Messen ab: wird nicht verwendet',
    retriever: 'Referenzen findet die CPU, damit eine Galerie auf jedem Computer dasselbe bedeutet.',
  },
  library: {
    title: 'Bibliothek',
    lead: 'Galerien, Ergebnisse, Modelle und diese Einstellungen liegen in einem Ordner.',
    location: 'Ordner',
    show: 'Im Dateimanager zeigen',
    change: 'Andere Bibliothek öffnen …',
    changeTitle: 'Andere Bibliothek öffnen',
    changeLead:
      'RASR arbeitet mit der Bibliothek in diesem Ordner weiter oder legt dort eine neue an. Nichts wird verschoben: Diese Bibliothek bleibt, wo sie ist, samt den Fotos, die darin noch warten.',
    waiting_one:
      'Ein Foto ist noch nicht restauriert. Es geht weiter, sobald Sie diese Bibliothek wieder öffnen.',
    waiting_other:
      '{{count, number}} Fotos sind noch nicht restauriert. Sie gehen weiter, sobald Sie diese Bibliothek wieder öffnen.',
    newFolder: 'Ordner der anderen Bibliothek',
    newFolderHint: 'Der ganze Pfad auf diesem Computer',
    open: 'Öffnen',
    cancel: 'Abbrechen',
    opening: 'Die Bibliothek wird geöffnet …',
  },
  cache: {
    title: 'Zwischenspeicher',
    lead: 'Was RASR nur aufhebt, um schneller zu sein: Es wird neu berechnet, wenn es gebraucht wird. Fotos, Ergebnisse und Referenzen gehören nicht dazu.',
    previews: 'Anzeigekopien von Fotos und Ergebnissen',
    features: 'Merkmale der Referenzen',
    total: 'Zusammen',
    clear: 'Zwischenspeicher leeren',
    cleared: 'Der Zwischenspeicher ist leer.',
  },
};
