package unpack_test
import ("math/rand";"testing";"archive/tar";"os";"strconv")
func init() {
	if os.Getenv("RND")=="" { return }
	seed,_ := strconv.Atoi(os.Getenv("RND"))
	r := rand.New(rand.NewSource(int64(seed)))
	dirs := []string{"jars","jars/lib","jars/x.jar","opt","jars/l","./jars",".","jars/lib/d","/jars","m"}
	modes := []int64{0o755,0o755,0o555,0o555,0o444,0o311,0o000,0o700}
	pick := func(s []string) string { return s[r.Intn(len(s))] }
	allCases = nil
	for i := range 600 {
		var ls [][]byte
		for range 1+r.Intn(3) {
			var ms []tar.Header
			for range 1+r.Intn(7) {
				n := pick(dirs)+"/"+pick([]string{"a.jar","b.jar","x.jar","l","lib","c"})
				if r.Intn(6)==0 { n = pick([]string{"jars","jars/l","jars/lib","opt","m"}) }
				switch r.Intn(9) {
				case 0,1,2,3: ms = append(ms, jar(n))
				case 4,5: if r.Intn(2)==0 {n=pick(dirs)}; ms = append(ms, dir(n+"/", modes[r.Intn(len(modes))]))
				case 6: ms = append(ms, soft(n, pick([]string{"opt","../opt","lib","a.jar","/nonexistent/x","l","../jars/lib","jars",".","../m"})))
				case 7: ms = append(ms, hard(n, pick([]string{"jars/a.jar","opt/a.jar","jars/l","jars/lib/a.jar","jars","/jars/b.jar","x/../jars/a.jar","m/c"})))
				case 8: ms = append(ms, device(n, []byte{tar.TypeFifo,tar.TypeChar,tar.TypeBlock}[r.Intn(3)], int64(r.Intn(2))))
				}
			}
			ls = append(ls, layer(ms...))
		}
		allCases = append(allCases, imageCase{name: "r"+strconv.Itoa(i), layers: ls})
	}
}
var _ testing.TB
func TestDump(t *testing.T) {
	if os.Getenv("DUMP")=="" { t.Skip() }
	i,_ := strconv.Atoi(os.Getenv("DUMP"))
	for n, l := range allCases[i].layers { os.WriteFile("/tmp/lab/d"+strconv.Itoa(n)+".tgz", l, 0o644) }
	for _, p := range replay(t, allCases[i].layers...).Problems { t.Log(p.Code,p.Entry,p.Log) }
}
