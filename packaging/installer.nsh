; Offers RASR under "Open with" for the images it reads. What opens them by default stays as it is, which is why
; electron-builder's fileAssociations are not used here: they make the program the default.

!macro forEachImage DO
  !insertmacro ${DO} "jpg"
  !insertmacro ${DO} "jpeg"
  !insertmacro ${DO} "jpe"
  !insertmacro ${DO} "jfif"
  !insertmacro ${DO} "png"
  !insertmacro ${DO} "webp"
  !insertmacro ${DO} "tif"
  !insertmacro ${DO} "tiff"
  !insertmacro ${DO} "avif"
  !insertmacro ${DO} "heic"
  !insertmacro ${DO} "heif"
!macroend

!macro offerFor EXTENSION
  WriteRegNone SHELL_CONTEXT "Software\Classes\.${EXTENSION}\OpenWithProgids" "RASR.Photo"
!macroend

!macro withdrawFor EXTENSION
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXTENSION}\OpenWithProgids" "RASR.Photo"
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\RASR.Photo" "" "Photo"
  WriteRegStr SHELL_CONTEXT "Software\Classes\RASR.Photo\DefaultIcon" "" "$appExe,0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\RASR.Photo\shell\open\command" "" '"$appExe" "%1"'
  !insertmacro forEachImage offerFor
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, i 0, i 0)'
!macroend

!macro customUnInstall
  !insertmacro forEachImage withdrawFor
  DeleteRegKey SHELL_CONTEXT "Software\Classes\RASR.Photo"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, i 0, i 0)'
!macroend
