/** What systems know the app by; electron-builder.yml has the same. */
export const APP_ID = 'org.rasr.app';
