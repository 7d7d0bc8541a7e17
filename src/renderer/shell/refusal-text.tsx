interface RefusalTextProps {
  /** Name of the file that was refused. */
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
}

/** Why a file was refused and what to do, its name standing out. */
export function RefusalText({ name, message, remedy }: RefusalTextProps) {
  const plain = withoutFolders(message, name);
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
      {remedy}
    </>
  );
}

/** People know the file by its name; where the engine keeps it says nothing to them. */
function withoutFolders(message: string, name: string): string {
  const at = message.indexOf(name);
  const before = message[at - 1];
  return before === '/' || before === '\\' ? message.slice(at) : message;
}
