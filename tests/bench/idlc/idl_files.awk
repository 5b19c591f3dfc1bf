# Writes n IDL files below the folder `to`, bench/pN/I*.idl, 100 to a package folder with one Types.idl that they import.

function scalar(i) { return (i % 8 < 4 ? "UInt" : "SInt") 8 * 2 ^ (i % 4) }

# type(I): one of 12 kinds of parameter
function type(i) {
    i %= 12
    if (i < 6) return scalar(i)
    if (i == 6) return "Name"
    if (i == 7) return "Point"
    if (i == 8) return "bytes<SIZE>"
    if (i == 9) return "sequence<Point, 16>"
    if (i == 10) return "array<UInt32, 8>"
    return "sequence<string<LENGTH>, 4>"
}

function write_types(package, file) {
    file = to "/bench/" package "/Types.idl"
    print "/* Types of the interfaces in this folder. */\npackage bench." package ".Types\n" > file
    print "const UInt32 SIZE = 1 << 10;\nconst UInt32 LENGTH = SIZE / 4 - 1;\n" > file
    print "typedef string<LENGTH> Name;\ntypedef sequence<UInt8, SIZE> Data;\n" > file
    print "struct Point {\n    SInt32 x;\n    SInt32 y;\n}" > file
    print "\nstruct Entry {\n    Name name;\n    Point at;\n    Data data;\n}" > file
    close(file)
}

function write_interface(package, number, file, m) {
    file = to "/bench/" package "/I" number ".idl"
    print "/* Interface " number ": " 10 " methods. */\npackage bench." package ".I" number "\n" > file
    print "import bench." package ".Types\n" > file
    print "const UInt32 VERSION = " number ";\n\nstruct Own {\n    Entry entry;\n    UInt64 stamp; // ns\n}\n" > file
    print "interface {" > file
    for (m = 0; m < 10; m++) {
        print "    // Does what method " m " of interface " number " does.\n    Method" m "(in " type(number + m) " request," > file
        print "            in " type(number + 5 * m + 1) " option," > file
        print "            out " (m % 3 ? type(number + 7 * m) : "Own") " response," > file
        print "            error SInt32 status);" > file
    }
    print "}" > file
    close(file)
}

BEGIN {
    for (i = 0; i < n; i++) {
        package = "p" int(i / 100)
        if (i % 100 == 0) {
            system("mkdir -p " to "/bench/" package)
            write_types(package)
        }
        write_interface(package, i)
    }
}
