import type { Translated } from '../../i18n/translated.ts';
import type { en } from './en.ts';

export const de: Translated<typeof en> = {
  views: 'Ansichten',
  places: {
    restore: 'Restaurieren',
    galleries: 'Galerien',
    models: 'Modelle',
    settings: 'Einstellungen',
  },
  colours: {
    title: 'Farben',
    button: 'Farben: {{scheme}}',
    auto: 'Wie das System',
    light: 'Hell',
    dark: 'Dunkel',
  },
  reconnecting: 'Verbindung wird wiederhergestellt … Ihre Fotos und Ergebnisse sind sicher.',
  folderOfPhotos: 'Ordner mit Fotos',
  photoFiles: 'Fotodateien',
  pasted: 'eingefügt',
  close: 'Schließen',
  dismiss: 'Ausblenden',
  cancel: 'Abbrechen',
  retriever: {
    region: 'Wechsel des Retrievers',
    stays: '{{model}} bleibt in Gebrauch.',
    progress: 'Indizierung für {{model}}',
    indexing: 'Indizierung für {{model}}: {{done, number}} von {{total, number}} Referenzen.',
    calibrating: '{{model}} wird auf Ihren Galerien kalibriert: {{done, number}} von {{total, number}}.',
    meanwhile: 'Bis es so weit ist, findet {{model}} die Referenzen.',
  },
};
