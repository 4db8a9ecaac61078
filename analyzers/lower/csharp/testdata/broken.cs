class Good { void A() { Use(1); } }
class Bad
{
    void B(int x) { int y = x; y = = 3 +; Use(y); }
    void C() { Use(2); }
    void D( { }
    void E() { if (x) { Use(3); }
}
