import type { Translated } from '../../i18n/translated.ts';
import type { en } from './en.ts';

export const fr: Translated<typeof en, 'many'> = {
  views: 'Vues',
  places: {
    restore: 'Restaurer',
    galleries: 'Galeries',
    models: 'Modèles',
    settings: 'Réglages',
  },
  colours: {
    title: 'Couleurs',
    button: 'Couleurs : {{scheme}}',
    auto: 'Comme le système',
    light: 'Clair',
    dark: 'Sombre',
  },
  reconnecting: 'Reconnexion… Vos photos et vos résultats sont en sécurité.',
  folderOfPhotos: 'Dossier de photos',
  photoFiles: 'Fichiers photo',
  pasted: 'collé',
  close: 'Fermer',
  dismiss: 'Masquer',
  cancel: 'Annuler',
  retriever: {
    region: 'Changement de retriever',
    stays: '{{model}} reste utilisé.',
    progress: 'Indexation pour {{model}}',
    indexing: 'Indexation pour {{model}} : {{done, number}} références sur {{total, number}}.',
    calibrating: 'Calibrage de {{model}} sur vos galeries : {{done, number}} sur {{total, number}}.',
    meanwhile: 'En attendant, {{model}} trouve les références.',
  },
};
