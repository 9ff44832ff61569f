/* The fixed words that may stand as they are in names, addresses and attributes of a recorded page. Nobody's name can
 * get in: what is not on a list, or in a pack's selectors, is replaced. */

/** @type {any} */
var bevara_record = {};

bevara_record.words = (() => {
  /** @param {string} text */
  const list = (text) => text.split(/\s+/).filter(Boolean);

  /** Parts of names and addresses that platforms are built of. */
  const names = list(`a about account action actions actor add admin album all app approve article attachment author avatar badge
    ban bar base block body bottom box br btn business button card cell click close closed code collapse collapsed comet comment comments
    commentid composer confirm container content control controls count cover current custom data date delete description dialog disabled
    div dots down drag dropdown edit edited embed emoji entity event events expand expanded expander fb fbid feed field file first
    flag flags fluid focus focusable focused followup footer form forum g gaming gm grid group groups has hashtag head header
    heading hidden hide home hover icon id identity image images img in index info inline inner input is item items key kind l label
    last layer layout left like likes link links list listitem live load loaded loading login long m main mark marketplace media
    memories menu menuitem message messages meta middle modal moderate moderation more multi name nav new next node none
    notification notifications null number off on open options outer owner p page pages panel parent part pcb people permalink pg
    photo photos php picture pinned pl placeholder plugins policies popover popup portal position post posted posts preview previous
    primary privacy profile quote react reaction reactions reel reels rel remove render renderer rendering reply replies report restore
    role root row saved screen scroll scrollable search second secondary section see select selected selector separator set settings
    share shared sharer shell show sidebar single size skip small spam state states status sticky stories story submit subtitle
    summary surface t tab tabs tag target test testid text texts thread threads time timestamp title toggle toolbar tooltip top
    topic tr tree true false trash trashed tweet type u ufi ui unapprove undo unread unspam untrash up update urn user username v value
    vanity video videos view viewer views virtualized visible visibility watch web widget widgets wp wrap wrapper www yt ytd`);

  /** Values of attributes that browsers and screen readers know. */
  const values = new Set(list(`additions alert alertdialog all application article ascending assertive auto banner blockquote both button
    caption cell checkbox color columnheader combobox comment complementary contentinfo date definition deletion descending dialog
    directory document email emphasis false feed figure file form generic grammar grid gridcell group heading hidden horizontal image
    img inline insertion link list listbox listitem location log ltr main mark marquee math menu menubar menuitem menuitemcheckbox
    menuitemradio meter mixed navigation none note number off option other page paragraph password plaintext-only polite presentation
    progressbar radio radiogroup range region removals reset row rowgroup rowheader rtl scrollbar search searchbox separator slider
    spelling spinbutton status step strong submit subscript suggestion superscript switch tab table tablist tabpanel tel term text
    textbox time timer toolbar tooltip tree treegrid treeitem true undefined url vertical`));

  const languages = new Set(list("sv en nb nn no da fi de fr es it nl pl et lv lt is ar fa ku so ti uk ru tr bs hr sr sq zh ja ko"));

  return { names, values, languages };
})();
