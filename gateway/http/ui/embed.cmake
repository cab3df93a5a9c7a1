# embed.cmake - writes FILES (of this folder, space-separated) as the table page_files
# into the C source OUT.
set(text "/* Made by gateway/http/ui/embed.cmake. */\n#include \"http/page.h\"\n\n")
string(APPEND text "const struct page_file page_files[] = {\n")
separate_arguments(FILES)
foreach(name ${FILES})
    file(READ ${CMAKE_CURRENT_LIST_DIR}/${name} bytes HEX)
    string(LENGTH "${bytes}" digits)
    math(EXPR size "${digits} / 2")
    string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
    string(APPEND text "    {\"${name}\", \"${bytes}\", ${size}},\n")
endforeach()
string(APPEND text "    {0},\n};\n")
file(WRITE ${OUT} "${text}")
