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
  firstSteps: {
    title: 'Trois étapes jusqu’à votre première photo restaurée',
    done: 'Fait',
    references: 'De bonnes photos d’où tirer les détails',
    referencesMeaning:
      'Une galerie contient des références d’une même sorte de choses. Sans elle, RASR restaure seul.',
    adding: 'Ajout des galeries d’exemple…',
    have_one: 'Une référence est prête.',
    have_many: '{{count, number}} références sont prêtes.',
    have_other: '{{count, number}} références sont prêtes.',
    addSamples: 'Ajouter des exemples',
    ownGallery: 'ou créer la vôtre',
    photo: 'Une photo à restaurer',
    photoMeaning: 'Déposez l’une des vôtres ci-dessus, ou essayez l’exemple.',
    restoreSample: 'Restaurer un exemple',
    compare: 'Comparer et enregistrer',
    compareMeaning: 'L’avant et l’après s’affichent côte à côte, avec les références utilisées.',
  },
};
