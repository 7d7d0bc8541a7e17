import { useTranslation } from 'react-i18next';
import { engineWords } from '../host/engine-words.ts';

interface RefusalTextProps {
  /** Name of the file that was refused. */
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
}

/** Why a file was refused and what to do, in the window's language, its name standing out. */
export function RefusalText({ name, message, remedy }: RefusalTextProps) {
  const { language } = useTranslation().i18n;
  const plain = withoutFolders(engineWords(message, language), name);
  return (
    <>
      {plain.startsWith(name) ? (
        <>
          <b>{name}</b>
          {plain.slice(name.length)}
        </>
      ) : (
        <>
          <b>{name}</b>: {plain}
        </>
      )}{' '}
      {engineWords(remedy, language)}
    </>
  );
}

/** People know the file by its name; where the engine keeps it says nothing to them. */
function withoutFolders(message: string, name: string): string {
  const at = message.indexOf(name);
  const before = message[at - 1];
  return before === '/' || before === '\\' ? message.slice(at) : message;
}
