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
  firstSteps: {
    title: 'Drei Schritte zum ersten restaurierten Foto',
    done: 'Erledigt',
    references: 'Gute Fotos, von denen Details kommen',
    referencesMeaning:
      'Eine Galerie enthält Referenzen für eine Art von Dingen. Ohne sie restauriert RASR allein.',
    adding: 'Die Beispielgalerien werden hinzugefügt …',
    have_one: 'Eine Referenz ist bereit.',
    have_other: '{{count, number}} Referenzen sind bereit.',
    addSamples: 'Beispiele hinzufügen',
    ownGallery: 'oder eigene anlegen',
    photo: 'Ein Foto zum Restaurieren',
    photoMeaning: 'Legen Sie oben ein eigenes ab, oder nehmen Sie das Beispiel.',
    restoreSample: 'Beispiel restaurieren',
    compare: 'Vergleichen und speichern',
    compareMeaning: 'Vorher und Nachher erscheinen nebeneinander, mit den verwendeten Referenzen.',
  },
};
