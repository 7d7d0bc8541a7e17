import type { Translated } from '../../i18n/translated.ts';
import type { en } from './en.ts';

export const fr: Translated<typeof en, 'many'> = {
  title: 'Réglages',
  appearance: {
    title: 'Langue et couleurs',
    language: 'Langue',
    asSystem: 'Comme le système ({{language}})',
    theme: 'Couleurs',
    themeMeaning: 'Des gris neutres autour des photos, en clair comme en sombre.',
  },
  devices: {
    title: 'Appareil',
    lead: 'Là où les photos sont restaurées. La mesure fait calculer une petite image par les modèles utilisés sur chaque appareil et compare les résultats à ceux du processeur.',
    group: 'Appareil de restauration',
    measure: 'Mesurer',
    measuring: 'Mesure en cours… Avec un appareil lent, cela prend plusieurs minutes.',
    measured: '{{seconds, number(maximumSignificantDigits: 2)}} s pour une petite image',
    faster: '{{factor, number(maximumSignificantDigits: 2)}} fois la vitesse du processeur',
    at: 'mesuré le {{at, dateTime}}',
    otherModel: 'avec un autre générateur : à mesurer de nouveau',
    unmeasured: 'Pas encore mesuré',
    wrong: 'Calcule d’autres images que le processeur : non utilisé',
    failed: 'Ne fonctionne pas sur cet ordinateur ({{reason}})',
    crashed: 'RASR s’est arrêté pendant la mesure : non utilisé',
    retriever:
      'Les références sont trouvées par le processeur, afin qu’une galerie ait le même sens sur chaque ordinateur.',
  },
  library: {
    title: 'Bibliothèque',
    lead: 'Les galeries, les résultats, les modèles et ces réglages se trouvent dans un seul dossier.',
    location: 'Dossier',
    show: 'Afficher dans le gestionnaire de fichiers',
    change: 'Ouvrir une autre bibliothèque…',
    changeTitle: 'Ouvrir une autre bibliothèque',
    changeLead:
      'RASR continue avec la bibliothèque de ce dossier, ou en crée une nouvelle. Rien n’est déplacé : cette bibliothèque reste où elle est, avec les photos qui y attendent encore.',
    waiting_one:
      'Une photo n’est pas encore restaurée. Elle le sera lorsque vous rouvrirez cette bibliothèque.',
    waiting_many:
      '{{count, number}} photos ne sont pas encore restaurées. Elles le seront lorsque vous rouvrirez cette bibliothèque.',
    waiting_other:
      '{{count, number}} photos ne sont pas encore restaurées. Elles le seront lorsque vous rouvrirez cette bibliothèque.',
    newFolder: 'Dossier de l’autre bibliothèque',
    newFolderHint: 'Son chemin complet sur cet ordinateur',
    open: 'Ouvrir',
    cancel: 'Annuler',
    opening: 'Ouverture de la bibliothèque…',
  },
  cache: {
    title: 'Cache',
    lead: 'Ce que RASR ne garde que pour aller plus vite : il le recalcule au besoin. Les photos, les résultats et les références n’en font pas partie.',
    previews: 'Copies d’affichage des photos et des résultats',
    features: 'Caractéristiques des références',
    total: 'Total',
    clear: 'Vider le cache',
    cleared: 'Le cache est vide.',
  },
};
